// A button that is never silently dead: disabled, it says why on hover, on focus and in its accessible description.
import { Button, type ButtonProps, Tooltip } from '@mantine/core'
import { type ComponentPropsWithoutRef, useId } from 'react'
import { useConnection } from '../lab.ts'

export interface ActionButtonProps
  extends ButtonProps,
    Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps | 'disabled'> {
  /** Why it cannot be used now; null or absent = it can. */
  disabledReason?: string | null
}

export const NOT_CONNECTED = 'Not connected to the lab'

export function ActionButton(props: ActionButtonProps) {
  const { disabledReason: own = null, onClick, loading, ...rest } = props
  const describedBy = useId()
  const lost = useConnection(connection => connection.state === 'lost')
  const disabledReason = lost ? NOT_CONNECTED : own
  if (disabledReason === null) return <Button onClick={onClick} loading={loading} {...rest} />
  // data-disabled keeps the button focusable, so that the reason can be reached by keyboard.
  return (
    <Tooltip label={disabledReason} events={{ hover: true, focus: true, touch: true }}>
      <Button
        {...rest}
        data-disabled
        aria-disabled
        aria-describedby={describedBy}
        onClick={event => event.preventDefault()}
      >
        {rest.children}
        <span id={describedBy} className="visually-hidden">
          {disabledReason}
        </span>
      </Button>
    </Tooltip>
  )
}
