// Rows of phase 2 as the core lists them, for screens and lists under test.
import type { DemonstrationRow, DemonstrationSet } from '../../src-shared/contract/demonstrations-contract.ts'
import type { CheckpointSummary } from '../../src-shared/contract/lab-contract.ts'

export const setOf = (id: string, some: Partial<DemonstrationSet> = {}): DemonstrationSet => ({
  id,
  name: id,
  kind: 'imported',
  createdAt: '2026-03-01T10:00:00Z',
  removedAt: null,
  rows: 10,
  duplicates: 0,
  rejected: 0,
  useCases: {},
  tags: [],
  notes: [],
  files: [],
  ...some,
})

export const rowOf = (messages: DemonstrationRow['messages']): DemonstrationRow => ({
  number: 6,
  messages,
  useCase: 'open-qa',
  tags: ['kings'],
  source: null,
  editedAt: null,
})

export const checkpointOf = (
  run: string,
  step: number,
  some: Partial<CheckpointSummary> = {},
): CheckpointSummary => ({
  id: `${run}-step-${step}`,
  run,
  runName: run,
  phase: 'pretrain',
  step,
  createdAt: `2026-03-01T10:00:${String(step % 60).padStart(2, '0')}Z`,
  path: '/somewhere',
  bytes: 1,
  weightsSha256: 'ab',
  evalLoss: null,
  best: false,
  status: 'verified',
  ...some,
})
