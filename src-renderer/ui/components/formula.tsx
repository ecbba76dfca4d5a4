// A formula typeset by KaTeX (bundled: nothing is fetched), with its meaning in words for hover and screen readers.
import { Tooltip } from '@mantine/core'
import katex from 'katex'
import { useLayoutEffect, useRef } from 'react'

export function Formula({ tex, meaning }: { tex: string; meaning: string }) {
  const span = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    katex.render(tex, span.current!, { output: 'html', throwOnError: true })
  }, [tex])
  return (
    <Tooltip label={meaning} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the meaning must be reachable by keyboard */}
      <span role="math" aria-label={meaning} tabIndex={0} style={{ cursor: 'help', whiteSpace: 'nowrap' }}>
        <span ref={span} aria-hidden />
      </span>
    </Tooltip>
  )
}
