// What a fine-tuning will cost and what its rows become, asked once the person stops typing.
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect } from 'react'
import { invalidate, useQuery, useTopic } from '../../../queries.ts'
import { isActive } from '../../../run-status.ts'
import type { requestOf } from './recipe.ts'

const estimateAnew = () => invalidate(method => method === 'sft.estimate')

/** @param request null = nothing can be asked: the last estimate stays until it is corrected */
export function useEstimate(request: ReturnType<typeof requestOf> | null) {
  const now = JSON.stringify(request)
  const [settled] = useDebouncedValue(now, 250)
  // Times come from the speed of the last run, memory from the device.
  useTopic('run', run => {
    if (!isActive(run)) estimateAnew()
  })
  useTopic('engine', status => {
    if (status.state === 'ready') estimateAnew()
  })
  // What changed while this was not on screen was not heard.
  useEffect(estimateAnew, [])
  const answer = useQuery('sft.estimate', request && JSON.parse(settled), { keepPrevious: true })
  return { estimate: answer.data, error: answer.error, loading: answer.loading || now !== settled }
}
