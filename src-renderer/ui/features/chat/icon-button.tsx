// A small button with a picture, drawn hundreds of times: no component library behind it.
import type { LucideIcon } from 'lucide-react'
import classes from './chat.module.css'

export function IconButton({
  icon: Icon,
  label,
  onClick,
  disabledReason = null,
  tabIndex,
}: {
  icon: LucideIcon
  /** Name for screen readers, and the hint on hover. */
  label: string
  onClick: () => void
  disabledReason?: string | null
  tabIndex?: number
}) {
  return (
    <button
      type="button"
      className={classes.iconButton}
      tabIndex={tabIndex}
      aria-label={disabledReason ? `${label}. ${disabledReason}` : label}
      title={disabledReason ?? label}
      aria-disabled={disabledReason ? true : undefined}
      onClick={() => {
        if (!disabledReason) onClick()
      }}
    >
      <Icon size={14} aria-hidden />
    </button>
  )
}
