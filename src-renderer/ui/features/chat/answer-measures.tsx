// Under an answer: the reward model's score and the KL against the fine-tuned model, or why there is none.
import { UnstyledButton } from '@mantine/core'
import type { AnswerMeasure, ChatAnswer } from '../../../../src-shared/contract/chat-contract.ts'
import { sentence } from '../../../../src-shared/contract/errors.ts'
import { visible } from '../../components/plain-text.tsx'
import { Term } from '../../components/term.tsx'
import { toastError } from '../../components/toast.tsx'
import { call } from '../../lab.ts'
import classes from './chat.module.css'
import {
  isMeasurable,
  type MeasureName,
  measureMeanings,
  measureNames,
  measurerName,
  measureText,
} from './measure-words.ts'
import type { Models } from './models.ts'

export function AnswerMeasures({
  answer,
  conversation,
  models,
}: {
  answer: ChatAnswer
  conversation: string
  models: Models
}) {
  const { reward, kl } = answer
  if (!isMeasurable(answer) || !(reward ?? kl)) return null
  const failed = (
    [
      ['reward', reward],
      ['kl', kl],
    ] as const
  ).filter(([, said]) => said?.error)
  return (
    <>
      <div className={classes.measures}>
        {reward && !reward.error && <Figure measure="reward" said={reward} models={models} />}
        {kl && !kl.error && <Figure measure="kl" said={kl} models={models} />}
      </div>
      {failed.map(([measure, said]) => (
        <p key={measure} className={classes.measureGone}>
          No {measureNames[measure]}: {visible(sentence(said!.error!))}{' '}
          {/* An answer that does not fit the other model never will. */}
          {said!.error!.code !== 'bad-input' && (
            <UnstyledButton
              fz="inherit"
              td="underline"
              onClick={() => void call('chat.measure', { conversation, again: true }).catch(toastError)}
            >
              Try again
            </UnstyledButton>
          )}
        </p>
      ))}
    </>
  )
}

function Figure({ measure, said, models }: { measure: MeasureName; said: AnswerMeasure; models: Models }) {
  const by = measurerName(said, models)
  const who = measure === 'kl' ? `Against ${by}. ` : `By ${by}. `
  return (
    <span>
      <Term meaning={who + measureMeanings[measure]} focusable={false}>
        {measureNames[measure]}
      </Term>{' '}
      <b>{measureText(measure, said.value)}</b>
      {said.value === null && <span className="visually-hidden"> being measured</span>}
    </span>
  )
}
