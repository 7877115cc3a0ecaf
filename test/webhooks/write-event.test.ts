import { describe, expect, test } from 'vitest'
import { type EventFacts } from '../../src/providers/event-facts.ts'
import { writeMultipartField } from '../../src/webhooks/multipart-field.ts'
import { type EventMessage, writeEvent } from '../../src/webhooks/write-event.ts'

const atMs = Date.UTC(2026, 0, 31, 12)
const encode = (text: string) => new TextEncoder().encode(text)
const message = (body: string, headers: EventMessage['headers'] = {}): EventMessage => ({
  headers,
  body: encode(body),
  url: 'https://shop.test/hooks?a=1',
})

function written(facts: EventFacts, body: string, headers: EventMessage['headers'] = {}) {
  const values = { id: 'evt_2', type: 'b', atMs, version: 'v9' }
  const { body: bytes, ...rest } = writeEvent(facts, message(body, headers), values)
  return { ...rest, body: new TextDecoder().decode(bytes) }
}

describe('writeEvent', () => {
  test.each<[string, EventFacts, string, string]>([
    ['members', { id: '/id', type: '/t' }, '{"id":"evt_1","x":1}', '{"id":"evt_2","x":1,"t":"b"}'],
    ['nested ones', { id: '/a/b/id' }, '{"a":{"c":1}}', '{"a":{"c":1,"b":{"id":"evt_2"}}}'],
    ['seconds', { time: '/t' }, '{"t":1700000000}', '{"t":1769860800}'],
    ['milliseconds', { time: '/t' }, '{"t":1700000000000}', '{"t":1769860800000}'],
    ['seconds as text', { time: '/t' }, '{"t":"1700000000"}', '{"t":"1769860800"}'],
    ['a date', { time: '/t' }, '{"t":"2025-01-01T00:00:00Z"}', '{"t":"2026-01-31T12:00:00.000Z"}'],
    ['a version', { version: '/v' }, '{"v":"v1"}', '{"v":"v9"}'],
    [
      'each element',
      { id: '/*/id', type: '/*/t' },
      '[{"id":"1"},{"id":"2"}]',
      '[{"id":"evt_2","t":"b"},{"id":"evt_2-2","t":"b"}]',
    ],
    ['one element', { id: '/e/1/id' }, '{"e":[{"id":"1"},{"id":"2"}]}', '{"e":[{"id":"1"},{"id":"evt_2"}]}'],
    ['the first of several parts', { id: '/a + /b' }, '{"a":"1","b":"2"}', '{"a":"evt_2","b":"2"}'],
    ['fields of a form', { id: 'form:id', type: 'form:t' }, 'id=1&x=+y', 'id=evt_2&x=+y&t=b'],
    [
      'JSON in a form',
      { id: 'form-json:e:/*/id' },
      'e=%5B%7B%22id%22%3A%221%22%7D%5D',
      'e=%5B%7B%22id%22%3A%22evt_2%22%7D%5D',
    ],
    ['an element of XML', { id: 'xml://N/Id' }, '<s:N><s:Id>1</s:Id></s:N>', '<s:N><s:Id>evt_2</s:Id></s:N>'],
    ['an attribute of XML', { type: 'xml://sObject/@type' }, '<sObject xsi:type="a"/>', '<sObject xsi:type="b"/>'],
  ])('writes %s', (_what, facts, before, after) => {
    expect(written(facts, before).body).toBe(after)
  })

  test('writes headers, whatever their case, and the query', () => {
    const facts = { id: 'header:X-Id', type: 'query:type', time: 'header:X-Time' }

    expect(written(facts, 'raw', { 'x-id': 'evt_1', other: 'o' })).toEqual({
      headers: { other: 'o', 'X-Id': 'evt_2', 'X-Time': '2026-01-31T12:00:00.000Z' },
      url: 'https://shop.test/hooks?a=1&type=b',
      body: 'raw',
    })
  })

  test('writes the JSON in a part of a multipart body', () => {
    const { contentType, body } = writeMultipartField('json', encode('{"id":"evt_1"}'))
    const changed = writeEvent(
      { id: '/id' },
      { headers: { 'content-type': contentType }, body: Uint8Array.from(body), url: 'https://shop.test/' },
      { id: 'evt_2' },
    )

    expect(new TextDecoder().decode(changed.body)).toContain('{"id":"evt_2"}')
  })

  test.each(['not json', '', '[]', '"text"', 'null'])('leaves %j alone, which has no such place', (body) => {
    expect(written({ id: '/id', type: '/a/b', time: '/*/t' }, body).body).toBe(body)
  })

  test('changes nothing that it is given, nor what is left out', () => {
    const before = message('{"id":"evt_1","type":"a"}', { a: 'b' })
    const copy = structuredClone(before)

    expect(writeEvent({ id: '/id', type: '/type' }, before, {})).toEqual(copy)
    writeEvent({ id: '/id', type: '/type' }, before, { id: 'x', type: 'y' })
    expect(before).toEqual(copy)
  })
})
