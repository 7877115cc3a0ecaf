import { type Random, randomInt } from '../core/random.ts'

/** Draws a text for a piece of a pattern. */
type Draw = (random: Random) => string

const digits = '0123456789'
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const word = `${letters}${digits}_`
const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')
const alphabets: Readonly<Record<string, string>> = { d: digits, w: word, s: ' ' }
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', 0: '\0' }

/** `*` and `+` repeat at most this often beyond the least. */
const fewMore = 8

/**
 * Draws texts that fit a regular expression, for the constructs that documents use. Look-arounds and
 * back references are passed over, so the caller checks what it gets.
 */
export function patternSampler(pattern: string): Draw {
  let at = 0
  const peek = () => pattern[at]

  function alternatives(): Draw {
    const options = [sequence()]
    while (peek() === '|') {
      at++
      options.push(sequence())
    }
    return (random) => (options[randomInt(random, options.length)] as Draw)(random)
  }

  function sequence(): Draw {
    const pieces: Draw[] = []
    while (at < pattern.length && peek() !== '|' && peek() !== ')') pieces.push(repeated(atom()))
    return (random) => pieces.map((piece) => piece(random)).join('')
  }

  function repeated(draw: Draw): Draw {
    const range = quantifier()
    if (range === undefined) return draw
    const [least, most] = range
    return (random) => {
      let text = ''
      for (let i = least + randomInt(random, most - least + 1); i > 0; i--) text += draw(random)
      return text
    }
  }

  function quantifier(): readonly [number, number] | undefined {
    const found = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/.exec(pattern.slice(at, at + 24))
    if (found === null) return undefined
    at += found[0].length
    const [text, least, comma, most] = found
    if (least === undefined)
      return text.startsWith('?') ? [0, 1] : text.startsWith('+') ? [1, 1 + fewMore] : [0, fewMore]
    const from = Number(least)
    return [
      from,
      comma === undefined ? from : most === '' || most === undefined ? from + fewMore : Math.max(from, Number(most)),
    ]
  }

  function atom(): Draw {
    const char = pattern[at++] as string
    switch (char) {
      case '^':
      case '$':
        return () => ''
      case '.':
        return oneOf(word)
      case '(':
        return group()
      case '[':
        return characterClass()
      case '\\':
        return escaped()
      default:
        return () => char
    }
  }

  function group(): Draw {
    const opening = /^\?(?:<?[=!]|:|<[^>]*>)/.exec(pattern.slice(at))?.[0] ?? ''
    at += opening.length
    const draw = alternatives()
    at++
    return /[=!]$/.test(opening) ? () => '' : draw
  }

  function escaped(): Draw {
    if (/^[bB\d]/.test(pattern.slice(at, at + 1)) && pattern[at] !== '0') {
      at++
      return () => ''
    }
    return oneOf(escapedCharacters())
  }

  /** The characters that an escape stands for; `at` is behind the backslash. */
  function escapedCharacters(): string {
    const char = pattern[at++] ?? '\\'
    const code = /^(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]+)\})/i.exec(pattern.slice(at - 1))
    if (code !== null) {
      at += code[0].length - 1
      return String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? (code[3] as string), 16))
    }
    if (char === 'p' || char === 'P') {
      at = pattern.indexOf('}', at) + 1
      return letters
    }
    const alphabet = alphabets[char.toLowerCase()]
    if (alphabet === undefined) return controls[char] ?? char
    return char === char.toLowerCase() ? alphabet : without(printable, alphabet)
  }

  function characterClass(): Draw {
    const isNegated = peek() === '^'
    if (isNegated) at++
    let characters = ''
    while (at < pattern.length && peek() !== ']') {
      const from = classCharacters()
      if (peek() !== '-' || pattern[at + 1] === ']' || from.length !== 1) characters += from
      else {
        at++
        const to = classCharacters()
        characters += to.length === 1 ? range(from, to) : `${from}-${to}`
      }
    }
    at++
    return oneOf(isNegated ? without(printable, characters) : characters)
  }

  function classCharacters(): string {
    const char = pattern[at++] as string
    return char === '\\' ? escapedCharacters() : char
  }

  return alternatives()
}

/** One of the characters, letters and digits before others, so that texts stay readable. */
function oneOf(characters: string): Draw {
  const readable = Array.from(characters).filter((char) => word.includes(char))
  const choice = readable.length > 0 ? readable : Array.from(characters)
  return (random) => (choice.length === 0 ? '' : (choice[randomInt(random, choice.length)] as string))
}

function without(characters: string, excluded: string): string {
  return Array.from(characters)
    .filter((char) => !excluded.includes(char))
    .join('')
}

function range(from: string, to: string): string {
  const start = from.charCodeAt(0)
  const length = Math.min(to.charCodeAt(0) - start + 1, 256)
  return Array.from({ length: Math.max(length, 0) }, (_, i) => String.fromCharCode(start + i)).join('')
}
