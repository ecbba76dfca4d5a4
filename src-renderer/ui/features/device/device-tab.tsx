// The device tab.
export function DeviceTab() {
  return null
}
