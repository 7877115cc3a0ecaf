/**
 * Hears of rejections that nobody handles, in place of whoever heard of them before: Node would end the
 * process, a test runner would fail the wrong test.
 */
export function watchEscapes(onEscape: (error: unknown) => void): Disposable {
  const before = process.listeners('unhandledRejection')
  const listener = (error: unknown) => onEscape(error)
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', listener)
  return {
    [Symbol.dispose]() {
      process.off('unhandledRejection', listener)
      for (const other of before) process.on('unhandledRejection', other)
    },
  }
}
