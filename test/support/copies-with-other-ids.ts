import { type Scheme } from '../../src/providers/scheme.ts'
import { type Unsigned } from './scheme-delivery.ts'
import { bodyText, setAt, withBodyText } from './signed-places.ts'

const other = 'other7'

/** Copies of a delivery, each with something else at one of the places that the id of its event is made of. */
export function copiesWithOtherIds<Delivery extends Unsigned>(scheme: Scheme, delivery: Delivery): Delivery[] {
  const { id } = scheme.event
  if (id !== undefined) return id.split(' + ').flatMap((place) => withOther(place, scheme, delivery) ?? [])
  // It is known by its bytes.
  const text = bodyText(scheme, delivery)
  return [' ', '&more=1'].map((more) => withBodyText(scheme, delivery, text + more))
}

function withOther<Delivery extends Unsigned>(place: string, scheme: Scheme, delivery: Delivery): Delivery | undefined {
  if (place.startsWith('/')) return withMember(place.replaceAll('*', '0'), scheme, delivery)
  const [, kind = '', name = ''] = /^([^:]*):([^:]*)/.exec(place) ?? []
  switch (kind) {
    case 'header': {
      const others = Object.entries(delivery.headers).filter(([each]) => each.toLowerCase() !== name.toLowerCase())
      return { ...delivery, headers: { ...Object.fromEntries(others), [name]: other } }
    }
    case 'query': {
      const url = new URL(delivery.url)
      url.searchParams.set(name, other)
      return { ...delivery, url: url.href }
    }
    case 'form':
    case 'form-json': {
      const fields = new URLSearchParams(delivery.body.toString())
      fields.set(name, other)
      return { ...delivery, body: Buffer.from(fields.toString()) }
    }
    case 'xml':
      return withBodyText(scheme, delivery, `<${other}/>`)
    default:
      return undefined // within a token, which the laws of signatures change
  }
}

function withMember<Delivery extends Unsigned>(pointer: string, scheme: Scheme, delivery: Delivery): Delivery {
  let data: unknown = {}
  try {
    data = JSON.parse(bodyText(scheme, delivery))
  } catch {
    // No JSON: another body altogether.
  }
  if (typeof data !== 'object' || data === null) data = {}
  setAt(data, pointer, other)
  return withBodyText(scheme, delivery, JSON.stringify(data))
}
