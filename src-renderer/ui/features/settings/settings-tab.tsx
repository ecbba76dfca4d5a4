// The settings tab.
export function SettingsTab() {
  return null
}
