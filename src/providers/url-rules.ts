/** Which addresses of a provider may be asked for a key or a confirmation: https, its usual port, and these. */
export interface UrlRules {
  /** Regular expression of the whole host name, in lower case. */
  readonly host: string
  /** How the path ends. @default anyhow */
  readonly pathEnd?: string
}
