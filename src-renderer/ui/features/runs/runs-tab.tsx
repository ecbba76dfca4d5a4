// The runs tab.
export function RunsTab() {
  return null
}
