import { type Clock } from '../../core/clock.ts'
import { type Claim, type Claimed, type ClaimOptions } from '../inbox.ts'
import { claimFloor } from './claim-floor.ts'
import { lockEveryLane, wakeLanes } from './postgres-lanes.ts'
import { type Connections, type PostgresClient, type PostgresQuery } from './postgres-pool.ts'
import { buryText, claimText, giveBackText } from './postgres-text.ts'
import { eventOf, type SqlRow } from './sql-row.ts'

export interface ClaimerOptions {
  /** The time as an expression of SQL. */
  readonly now: () => string
  readonly statement: (text: string) => PostgresQuery
  readonly clock: Clock
}

/** Makes the function that leases what is due. */
export function claimer(
  { connected, transaction }: Connections<PostgresClient>,
  { now, statement, clock }: ClaimerOptions,
): (choice: ClaimOptions) => Promise<Claimed> {
  const floor = claimFloor(clock)

  /** Leases what came due after a time: always one row at least, with the facts about all. */
  async function lease(choice: ClaimOptions, fromMs: number): Promise<readonly SqlRow[]> {
    const { owner, limit, leaseMs, maxCrashes = 3, exceptProviders = [] } = choice
    const values = [owner, Math.ceil(leaseMs), limit, integer(maxCrashes), exceptProviders, fromMs]
    const { rows } = await connected((client) => client.query(statement(claimText(now())), values))
    // What is excepted was not seen.
    if (exceptProviders.length === 0) floor.saw(Number(rows[0]?.['oldest_due']))
    return rows
  }

  /**
   * Gives back what is leased beside another event of its exclusive lane, and answers with the rest. Two may be leased at once
   * when they became visible in another order than they came due; but the later one to commit sees the other from then on.
   */
  async function keepApart(leased: readonly SqlRow[]): Promise<readonly SqlRow[]> {
    const apart = leased.filter((row) => row['lane'] !== null && row['lane_order'] === null)
    if (apart.length === 0) return leased
    const values = ['seq', 'fence', 'was_state', 'was_due'].map((column) => apart.map((row) => row[column]))
    const { rows } = await connected((client) => client.query(statement(giveBackText(now())), values))
    const givenBack = new Set(rows.map((row) => Number(row['seq'])))
    return leased.filter((row) => !givenBack.has(Number(row['seq'])))
  }

  /** Buries events that take their process down, and wakes what they held up. */
  function bury(maxCrashes: number): Promise<void> {
    return transaction(async (client) => {
      await lockEveryLane(client)
      const { rows } = await client.query(buryText(now()), [integer(maxCrashes)])
      await wakeLanes(client, rows, now())
    })
  }

  return async (choice) => {
    for (let fromMs = floor.fromMs(); ;) {
      const rows = await lease(choice, fromMs)
      const { next_due: nextDue, newest_seq: newest, crash_loops: crashLoops } = rows[0] as SqlRow
      if (crashLoops === true) {
        // What is buried may have held up what is due now.
        await bury(choice.maxCrashes ?? 3)
        continue
      }
      const claimOf = (row: SqlRow): Claim => {
        return { event: eventOf(row), owner: choice.owner, fence: Number(row['fence']), newestSeq: Number(newest) }
      }
      const leased = rows.filter((row) => row['seq'] !== null)
      const claims = (await keepApart(leased)).map(claimOf)
      // That there is nothing is said of all; and whoever gave all back may have to give way to none any more.
      if (claims.length > 0 || (fromMs === 0 && leased.length === 0)) {
        return { claims, nextDueAtMs: nextDue === null ? undefined : Number(nextDue) }
      }
      fromMs = 0
    }
  }
}

/** A number as PostgreSQL's `integer` holds it. */
function integer(value: number): number {
  return Math.min(value, 2 ** 31 - 1)
}
