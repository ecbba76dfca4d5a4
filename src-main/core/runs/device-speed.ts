// How fast a device trains, remembered by the size of a step: a tiny model is all overhead and says nothing about a large
// one, so every size (to the power of two) keeps its own newest figure and an estimate takes the nearest.
import * as v from 'valibot'
import type { DeviceInfo } from '../../../src-shared/contract/device-info.ts'
import type { Db } from '../database/open.ts'
import { getSetting, setSetting } from '../database/queries/settings.ts'

/** Threads change no bit, so they are no part of the fingerprint; they change the speed. */
type Computer = Pick<DeviceInfo, 'fingerprint' | 'threads'>
/** Phase 4 writes and scores besides: its speed says nothing about the others', nor theirs about it where it has one. */
type Work = 'training' | 'ppo'
const key = ({ fingerprint, threads }: Computer, work: Work): string =>
  `${work === 'ppo' ? 'speed of PPO' : 'speed'}:${fingerprint}, ${threads} threads`
/** log₂ of a step's FLOPs → FLOP/s */
const speeds = v.record(v.string(), v.pipe(v.number(), v.finite(), v.minValue(1)))

function remembered(db: Db, device: Computer, work: Work): Record<string, number> {
  const parsed = v.safeParse(speeds, getSetting(db, key(device, work)))
  return parsed.success ? parsed.output : {}
}

export function rememberSpeed(
  db: Db,
  device: Computer,
  flopsPerStep: number,
  flopsPerSecond: number,
  work: Work = 'training',
): void {
  const size = String(Math.round(Math.log2(flopsPerStep)))
  setSetting(db, key(device, work), { ...remembered(db, device, work), [size]: flopsPerSecond })
}

/** FLOP/s of the remembered size that is nearest; null before anything was measured on this device. */
export function speedFor(
  db: Db,
  device: Computer,
  flopsPerStep: number,
  work: Work = 'training',
): number | null {
  const size = Math.log2(flopsPerStep)
  const [nearest] = Object.entries(remembered(db, device, work)).sort(
    ([a], [b]) => Math.abs(Number(a) - size) - Math.abs(Number(b) - size),
  )
  if (nearest) return nearest[1]
  return work === 'ppo' ? speedFor(db, device, flopsPerStep) : null
}
