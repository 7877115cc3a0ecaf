const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const time = String.raw`(?<hours>\d\d):(?<minutes>\d\d):(?<seconds>\d\d)`

/** The three forms that a recipient must accept (RFC 9110 section 5.6.7). */
const forms = [
  new RegExp(String.raw`^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) ${time} GMT$`),
  new RegExp(String.raw`^[A-Z][a-z]{5,8}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) ${time} GMT$`),
  new RegExp(String.raw`^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) ${time} (?<year>\d{4})$`),
]

/**
 * Reads an HTTP date in any of its three forms, as milliseconds since the Unix epoch; undefined when it
 * is none. `nowMs` settles the century of a year of two digits: more than fifty years ahead is past.
 */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  for (const form of forms) {
    const parts = form.exec(text)?.groups
    if (parts === undefined) continue
    const { day, month = '', year = '', hours, minutes, seconds } = parts
    const monthIndex = months.indexOf(month)
    if (monthIndex < 0) return undefined
    const at = (fullYear: number) =>
      Date.UTC(fullYear, monthIndex, Number(day), Number(hours), Number(minutes), Number(seconds))
    if (year.length === 4) return at(Number(year))
    const nowYear = new Date(nowMs).getUTCFullYear()
    const fullYear = nowYear - (nowYear % 100) + Number(year)
    return at(fullYear > nowYear + 50 ? fullYear - 100 : fullYear)
  }
  return undefined
}
