import { type DatabaseSync, type StatementSync } from 'node:sqlite'

/** Prepares a statement that answers as we read it, whatever the application has set for its own in this database. */
export function prepare(database: DatabaseSync, text: string): StatementSync {
  const statement = database.prepare(text)
  statement.setReadBigInts(false)
  statement.setReturnArrays(false)
  statement.setAllowBareNamedParameters(true)
  return statement
}
