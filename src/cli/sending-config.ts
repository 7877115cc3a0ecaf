import { didYouMean } from '../core/did-you-mean.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type Scheme } from '../providers/scheme.ts'
import { type ExampleEvent } from '../webhooks/example-event.ts'
import { plainSettings, settingsOf } from '../webhooks/scheme-settings.ts'
import { writeEvent } from '../webhooks/write-event.ts'
import { type World } from './command.ts'

/** The settings that a scheme signs with: those given as `NAME=VALUE`, and the rest made up and told. Throws `usage`. */
export function configOf(
  scheme: Scheme,
  given: readonly string[],
  url: string,
  { stderr }: World,
): Record<string, string> {
  const names = settingsOf(scheme)
  const known = [...names, ...(scheme.key.urlFrom === undefined ? [] : ['cert_url'])]
  const config: Record<string, string> = {}
  for (const each of given) {
    const at = each.indexOf('=')
    const name = each.slice(0, Math.max(0, at))
    if (at < 1) throw usage(`--config needs NAME=VALUE, not "${each}".`, '--config NAME=VALUE')
    if (!known.includes(name)) {
      const end = known.length === 0 ? ' It has none.' : didYouMean(name, known)
      throw usage(`The scheme "${scheme.id}" has no setting "${name}".${end}`, '--config NAME=VALUE')
    }
    config[name] = each.slice(at + 1)
  }
  const plain = Object.entries(plainSettings(scheme, url)).filter(([name]) => !Object.hasOwn(config, name))
  for (const [name, value] of plain)
    stderr.write(`goodfence: the setting ${name} is ${value}; --config ${name}=VALUE says another\n`)
  return { ...Object.fromEntries(plain), ...config }
}

/** With the address of the certificate, where somebody said one. */
export function certified({ key: { urlFrom } }: Scheme, event: ExampleEvent, given: readonly string[]): ExampleEvent {
  const url = given.find((each) => each.startsWith('cert_url='))?.slice('cert_url='.length)
  if (urlFrom === undefined || url === undefined) return event
  const place = urlFrom.in === 'header' ? `header:${urlFrom.name}` : urlFrom.name
  return { ...event, ...writeEvent({ id: place }, event, { id: url }) }
}

function usage(message: string, mend: string): GoodfenceError<'usage'> {
  return new GoodfenceError('usage', message, { mend })
}
