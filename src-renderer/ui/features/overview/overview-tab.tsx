// The overview tab.
export function OverviewTab() {
  return null
}
