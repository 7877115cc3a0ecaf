/** Long ids cut to what tells them apart: `pi_3Qx8ZkA92mVbL01c` becomes `pi_3Qx8…`. */
export function shortIds(text: string): string {
  return text.replace(/\b([a-z]{2,12}_)([A-Za-z0-9]{4})[A-Za-z0-9]{8,}/g, '$1$2…')
}
