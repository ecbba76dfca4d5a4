// What a run from a checkpoint will cost and what its rows become, asked once the person stops typing.
import { useDebouncedValue } from '@mantine/hooks'
import { useCallback, useEffect, useMemo } from 'react'
import { fieldsOf } from '../../../../src-shared/config/phase-config.ts'
import type { LabMethods } from '../../../../src-shared/contract/lab-contract.ts'
import type { InputOf } from '../../../../src-shared/contract/method.ts'
import { invalidate, useQuery, useTopic } from '../../queries.ts'
import { isActive } from '../../run-status.ts'
import { inFormWords } from './recipe-fields.ts'

const fields = {
  'sft.estimate': fieldsOf('sft'),
  'reward.estimate': fieldsOf('reward'),
  'ppo.estimate': fieldsOf('ppo'),
}
type EstimateMethod = keyof typeof fields

/** @param request null = nothing can be asked: the last estimate stays until it is corrected */
export function useEstimate<K extends EstimateMethod>(method: K, request: InputOf<LabMethods[K]> | null) {
  const now = JSON.stringify(request)
  const [settled] = useDebouncedValue(now, 250)
  const estimateAnew = useCallback(() => invalidate(asked => asked === method), [method])
  // Times come from the speed of the last run, memory from the device.
  useTopic('run', run => {
    if (!isActive(run)) estimateAnew()
  })
  useTopic('engine', status => {
    if (status.state === 'ready') estimateAnew()
  })
  // What changed while this was not on screen was not heard.
  useEffect(estimateAnew, [estimateAnew])
  const answer = useQuery(method, request && JSON.parse(settled), { keepPrevious: true })
  const { data, error } = answer
  const estimate = useMemo(
    () => data && { ...data, problems: data.problems.map(problem => inFormWords(fields[method], problem)) },
    [data, method],
  )
  return {
    estimate,
    error: error && inFormWords(fields[method], error),
    loading: answer.loading || now !== settled,
  }
}
