/** Says what is wrong with a version of Node, if it is older than what package.json asks for. */
export function tooOld(node: string): string | undefined {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 18)) return undefined
  return `Node.js ${node} is too old: install 24.18 or newer`
}
