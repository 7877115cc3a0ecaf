/** Express 4 under a name of its own. It has no types, and what is mounted on it is mounted on Express 5 alike. */
declare module 'express4' {
  export { default } from 'express'
}
