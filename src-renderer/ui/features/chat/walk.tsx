// ‹2/3›: the branches of a message, the attempts of an answer.
import { ChevronLeft, ChevronRight } from 'lucide-react'
import classes from './chat.module.css'
import { IconButton } from './icon-button.tsx'

export function Walk({
  of,
  at,
  name,
  onGo,
  disabledReason = null,
}: {
  /** Ids, oldest first. */
  of: readonly number[]
  at: number
  /** `attempt`, `version`. */
  name: string
  onGo: (id: number) => void
  disabledReason?: string | null
}) {
  if (of.length < 2) return null
  const index = of.indexOf(at)
  const step = (by: number, label: string, icon: typeof ChevronLeft) => {
    const to = of[index + by]
    return (
      <IconButton
        icon={icon}
        label={label}
        disabledReason={
          to === undefined ? `There is no ${by < 0 ? 'earlier' : 'later'} one.` : disabledReason
        }
        onClick={() => to !== undefined && onGo(to)}
      />
    )
  }
  return (
    <span className={classes.walk}>
      {step(-1, `Earlier ${name}`, ChevronLeft)}
      <span className="tabular">
        <span className="visually-hidden">{name} </span>
        {index + 1}/{of.length}
      </span>
      {step(1, `Later ${name}`, ChevronRight)}
    </span>
  )
}
