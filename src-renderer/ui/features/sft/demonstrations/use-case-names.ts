// Use cases as people read them, for lists and selects.
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { useCases } from '../../../../../src-shared/demonstrations/use-cases.ts'

/** Whether any row says what is asked for. */
export const hasUseCases = ({ rows, useCases }: Pick<DemonstrationSet, 'rows' | 'useCases'>): boolean =>
  rows > (useCases.none ?? 0)

export const titleOfUseCase = (id: string | null): string =>
  useCases.find(useCase => useCase.id === id)?.title ?? ''

/** For a select; the empty value stands for none. */
export const useCaseOptions = [
  { value: '', label: 'no use case' },
  ...useCases.map(({ id, title }) => ({ value: id, label: title })),
]
