// What a run from a checkpoint will cost and what its rows become, asked once the person stops typing.
import { useDebouncedValue } from '@mantine/hooks'
import { useCallback, useEffect } from 'react'
import type { LabMethods } from '../../../../src-shared/contract/lab-contract.ts'
import type { InputOf } from '../../../../src-shared/contract/method.ts'
import { invalidate, useQuery, useTopic } from '../../queries.ts'
import { isActive } from '../../run-status.ts'

type EstimateMethod = 'sft.estimate' | 'reward.estimate' | 'ppo.estimate'

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
  return { estimate: answer.data, error: answer.error, loading: answer.loading || now !== settled }
}
