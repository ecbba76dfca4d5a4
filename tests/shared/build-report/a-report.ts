// A report of a build with a text of one's choice wherever a report holds one.
import type { BuildReport, PhaseId } from '../../../src-shared/build-report/build-report.ts'
import { rungs } from '../../../src-shared/starter-world/ladder.ts'

const intervals = { correct: [0, 1], abstains: [0, 1], fabricates: [0, 1] } as const
const truth = (correct: number, abstains: number) => ({
  ...{ correct, abstains, fabricates: 1 - correct - abstains, stopped: 1, questions: 40 },
  intervals: structuredClone(intervals) as never,
})
const share = (value: number) => ({ share: value, low: 0, high: 1, n: 15 })

export function aReport(text = 'plain'): BuildReport {
  const phases = ['pretrain', 'sft', 'reward', 'ppo'] as const satisfies readonly PhaseId[]
  return {
    build: text,
    seed: 7,
    size: 'standard',
    createdAt: '2026-01-02T03:04:05.678Z',
    device: text,
    phases: phases.map(phase => ({
      phase,
      run: text,
      parameters: 123_456,
      data: [[text, text]],
      results: [[text, text]],
      curves: [
        {
          title: text,
          unit: text,
          lines: [
            {
              name: text,
              points: [
                [0, 4],
                [10, 2.5],
                [20, Number.NaN],
                [30, 1],
              ],
            },
            { name: 'one point is no line', points: [[0, 1]] },
          ],
        },
      ],
      weightsSha256: text,
    })),
    costs: phases.map((phase, i) => ({
      phase,
      minutes: i + 0.5,
      tokens: 10 ** (i + 3),
      flops: 10 ** (9 - i),
    })),
    evaluationMinutes: 0.75,
    asked: [
      {
        prompt: text,
        answers: [
          { label: 'base', text, stopped: false, score: null },
          { label: 'sft', text: '', stopped: true, score: -1.25 },
          { label: text, text, stopped: true, score: 2 },
        ],
      },
    ],
    judges: [{ id: 'oracle', name: text }],
    winRates: [
      {
        ...{ a: 'rlhf', b: text, temperature: 1, wins: 3, losses: 1, ties: 2 },
        rate: 0.75,
        low: 0.3,
        high: 0.95,
        judge: 'oracle',
      },
      {
        ...{ a: 'sft', b: 'base', temperature: 0, wins: 0, losses: 0, ties: 9 },
        rate: 0.5,
        low: 0,
        high: 1,
        judge: text,
      },
    ],
    findings: {
      truthfulness: {
        base: { known: truth(0.1, 0), unknown: truth(0, 0) },
        [text]: { known: truth(0.9, 0.05), unknown: truth(0, 0.6) },
      },
      arithmetic: {
        [text]: {
          accuracy: 0.4,
          confidence: 0.6,
          rungs: [{ rung: rungs[0]!.id, title: text, example: text, accuracy: share(0.8), confidence: 0.7 }],
        },
      },
      manner: [],
    },
    goals: [{ goal: text, reached: false, figures: text, isAim: true }],
  }
}
