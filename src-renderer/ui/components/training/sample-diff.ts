// Samples side by side over time: grouped by step, newest first, and compared word by word with an earlier step.
import type { Sample } from '../../../../src-shared/contract/lab-contract.ts'

export interface SampleGroup {
  readonly step: number
  readonly samples: readonly Sample[]
}

/** Newest step first; within a step by prompt number. A sample written twice (a redone step) counts once, the later one. */
export function bySteps(samples: readonly Sample[]): SampleGroup[] {
  const steps = new Map<number, Map<number, Sample>>()
  for (const s of samples) {
    const group = steps.get(s.step) ?? new Map<number, Sample>()
    group.set(s.prompt, s)
    steps.set(s.step, group)
  }
  return [...steps]
    .sort(([a], [b]) => b - a)
    .map(([step, group]) => ({ step, samples: [...group.values()].sort((a, b) => a.prompt - b.prompt) }))
}

export interface DiffPart {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** Texts longer than this many words are not compared word by word: the table of the comparison is quadratic. */
const MOST_WORDS = 2000

const words = (text: string): string[] => text.match(/\s+|[^\s]+/g) ?? []

/** Longest common subsequence over words and the spaces between them: what of `before` is still said in `after`. */
export function wordDiff(before: string, after: string): DiffPart[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }]
  const a = words(before)
  const b = words(after)
  const whole: DiffPart[] = [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ]
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return whole.filter(p => p.text !== '')

  const width = b.length + 1
  const longest = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!)

  const parts: { kind: DiffPart['kind']; text: string }[] = []
  const say = (kind: DiffPart['kind'], text: string) => {
    const last = parts.at(-1)
    if (last?.kind === kind) last.text += text
    else parts.push({ kind, text })
  }
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      say('same', a[i]!)
      i++
      j++
    } else if (
      j === b.length ||
      (i < a.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)
    )
      say('removed', a[i++]!)
    else say('added', b[j++]!)
  }
  return parts
}
