// Ticking every row that is found: their numbers come in pages, and of a large set that takes seconds.
import { Button, Group, Progress, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { DemonstrationRow } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { formatCount } from '../../../format.ts'
import type { Page } from '../../../sparse-rows.ts'

/** Rows asked for at once. */
const MOST_AT_ONCE = 1000

export interface Ticking {
  readonly done: number
  /** null until the first page is there. */
  readonly total: number | null
}

/**
 * @param fetchPage rows [offset, offset + limit) of those found, and their total
 * @param onTick hears the numbers of all of them; of what is stopped, nothing
 */
export function useTickAll(
  fetchPage: (offset: number, limit: number) => Promise<Page<DemonstrationRow>>,
  onTick: (numbers: ReadonlySet<number>) => void,
) {
  const [progress, setProgress] = useState<Ticking | null>(null)
  const going = useRef<AbortController>(null)
  const stop = () => {
    going.current?.abort()
    going.current = null
    setProgress(null)
  }
  useEffect(() => () => going.current?.abort(), [])
  const start = async () => {
    if (going.current) return
    const mine = new AbortController()
    going.current = mine
    const numbers = new Set<number>()
    try {
      setProgress({ done: 0, total: null })
      for (let offset = 0, total = 1; offset < total; offset += MOST_AT_ONCE) {
        const page = await fetchPage(offset, MOST_AT_ONCE)
        if (mine.signal.aborted) return
        total = page.total
        for (const { number } of page.rows) numbers.add(number)
        setProgress({ done: numbers.size, total })
      }
      onTick(numbers)
    } finally {
      if (going.current === mine) stop()
    }
  }
  return { progress, start, stop }
}

/** In the place of the bar that will stand there. */
export function TickingBar({ progress: { done, total }, onStop }: { progress: Ticking; onStop: () => void }) {
  return (
    <Group gap="xs">
      <Text fz="sm" role="status" className="tabular">
        {total === null ? 'Ticking …' : `Ticking ${formatCount(done)} of ${formatCount(total)} rows …`}
      </Text>
      <Progress
        aria-label="Rows ticked"
        value={total === null ? 0 : (100 * done) / Math.max(1, total)}
        w={160}
        color="teal"
      />
      <Button variant="default" onClick={onStop}>
        Stop
      </Button>
    </Group>
  )
}
