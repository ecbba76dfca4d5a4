// Use cases as people read them, for lists and selects.
import { useCases } from '../../../../../src-shared/demonstrations/use-cases.ts'

export const titleOfUseCase = (id: string | null): string =>
  useCases.find(useCase => useCase.id === id)?.title ?? ''

/** For a select; the empty value stands for none. */
export const useCaseOptions = [
  { value: '', label: 'no use case' },
  ...useCases.map(({ id, title }) => ({ value: id, label: title })),
]
