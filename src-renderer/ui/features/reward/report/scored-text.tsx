// A response with its name and its score; which one scores higher is marked.
import { Text } from '@mantine/core'
import { visible } from '../../../components/plain-text.tsx'
import { signed } from '../../../components/score-text.ts'
import classes from './report.module.css'

/** Characters from which a response may have to be scrolled. */
const LONG = 200

export function ScoredText({
  name,
  text,
  score,
  high,
}: {
  /** `winner`, `better` … */
  name: string
  text: string
  /** Normalised. */
  score: number
  /** The model puts it above the other one. */
  high: boolean
}) {
  return (
    <div className={classes.response}>
      <span>
        {name} <b>{signed(score)}</b>
        {high && (
          <span title="scores higher" aria-hidden>
            {' ▲'}
          </span>
        )}
        {high && <span className="visually-hidden">, scores higher</span>}
      </span>
      {text === '' ? (
        <Text span inherit c="dimmed">
          (nothing: it stopped at once)
        </Text>
      ) : (
        <bdi className={classes.text} tabIndex={text.length > LONG ? 0 : undefined}>
          {visible(text)}
        </bdi>
      )}
    </div>
  )
}
