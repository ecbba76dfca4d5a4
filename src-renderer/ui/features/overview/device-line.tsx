// The device check in one line: what computes here, what that means, what to do where it is slow.
import { Anchor, Text } from '@mantine/core'
import type { EngineStatus } from '../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../app-state.ts'
import { visible } from '../../components/plain-text.tsx'

/** What the adapter means for a person who wants to train. */
export function deviceMeaning(status: EngineStatus | undefined): string {
  if (!status) return 'Connecting to the engine.'
  const { state, device } = status
  if (state === 'ready' && device) {
    if (device.software)
      return `${device.adapter}: a GPU emulated on the CPU. Small models only, and the CPU itself is faster.`
    const where = `${device.adapter}: ${device.backend === 'webgpu' ? 'the GPU trains' : 'the CPU trains'}`
    if (device.backend === 'webgpu')
      return `${where}. Models of tens of millions of parameters are within reach.`
    return `${where}. Models of about a million parameters learn in minutes.`
  }
  if (state === 'starting') return 'The engine is starting.'
  return status.error ? `The engine is not running: ${status.error.what}.` : 'The engine is not running.'
}

export function DeviceLine({ status }: { status: EngineStatus | undefined }) {
  const show = useApp(state => state.show)
  return (
    <Text fz="sm" c="dimmed" role="status">
      {visible(deviceMeaning(status))}{' '}
      <Anchor component="button" type="button" fz="sm" onClick={() => show('device')}>
        Device
      </Anchor>
    </Text>
  )
}
