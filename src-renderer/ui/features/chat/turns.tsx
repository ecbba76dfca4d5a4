// The turns from first to last, the newest in view. Of a long conversation the newest are drawn; the rest on a click.
import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import type { Conversation } from '../../../../src-shared/contract/chat-contract.ts'
import { PlainText } from '../../components/plain-text.tsx'
import { SurpriseLegend } from '../../components/surprise-legend.tsx'
import { formatCount } from '../../format.ts'
import classes from './chat.module.css'
import type { Pending } from './chat-store.ts'
import { KlLegend } from './kl-legend.tsx'
import type { Models } from './models.ts'
import type { ChatSetup } from './setup.ts'
import type { Coloring } from './token-colors.ts'
import { TurnView } from './turn-view.tsx'
import { useStayAtEnd } from './use-stay-at-end.ts'

const PAGE = 20

export function Turns({
  conversation,
  setup,
  models,
  pending,
  coloring,
  onBranch,
}: {
  conversation: Conversation
  setup: ChatSetup
  models: Models
  pending: Pending | null
  coloring: Coloring
  onBranch: (prompt: string, parent: number | null) => Promise<boolean>
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const [pages, setPages] = useState(1)
  const { id, turns } = conversation
  const shown = turns.slice(-pages * PAGE)
  const last = turns.at(-1)?.id
  useStayAtEnd(scroller, `${id} ${last} ${pending === null}`)
  return (
    // What scrolls must scroll by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section ref={scroller} className={classes.turns} aria-label="Messages" tabIndex={0}>
      <div>
        {shown.length < turns.length && (
          <Button variant="subtle" size="compact-xs" fullWidth mb="sm" onClick={() => setPages(pages + 1)}>
            Show earlier turns: {formatCount(turns.length - shown.length)} more
          </Button>
        )}
        {shown.map(turn => (
          <TurnView
            key={turn.id}
            turn={turn}
            conversation={id}
            columns={setup.columns}
            blind={setup.blind}
            coloring={coloring}
            models={models}
            onBranch={onBranch}
          />
        ))}
        {pending && <PendingPrompt prompt={pending.prompt} />}
        {coloring === 'surprise' && shown.length > 0 && <SurpriseLegend />}
        {coloring === 'kl' && shown.length > 0 && <KlLegend />}
      </div>
    </section>
  )
}

export function PendingPrompt({ prompt }: { prompt: string }) {
  return (
    <div className={`${classes.prompt} ${classes.promptLine}`}>
      <div className={classes.promptText}>
        <PlainText text={prompt} />
      </div>
      <div className={classes.foot}>Sending …</div>
    </div>
  )
}
