// doctor: what this machine and this workspace can do.
import { arch, availableParallelism, platform, release, totalmem } from 'node:os'
import { sentence } from '../../../src-shared/contract/errors.ts'
import type { EngineStatus } from '../../../src-shared/contract/lab-contract.ts'
import type { TerminalCommand } from '../command.ts'
import type { Session } from '../session.ts'
import { byteSize, fields } from '../text.ts'

export const doctor: TerminalCommand = {
  name: 'doctor',
  summary: 'what this machine and this workspace can do',
  engine: () => 'node',
  declare: () => {},
  async run(session) {
    const workspace = await session.call('workspace.show', {})
    const engine = await settledEngine(session)
    const machine = {
      node: process.versions.node,
      system: `${platform()} ${release()} ${arch()}`,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    }
    return {
      json: { version: workspace.version, machine, workspace, engine },
      text: [
        fields([
          ['Andromeda', workspace.version],
          ['Node', machine.node],
          ['system', machine.system],
          ['cores', machine.cores],
          ['memory', byteSize(machine.memoryBytes)],
          ['workspace', workspace.path],
          ['free on disk', byteSize(workspace.freeBytes)],
          ['computes on', engine.device ? `${engine.device.adapter}, ${engine.device.runtime}` : 'nothing'],
          [
            'backend',
            engine.device ? `${engine.device.backend}, ${engine.device.kernels} kernels` : undefined,
          ],
          ['why', engine.device?.reason],
        ]),
        ...workspace.notes.map(note => `\n${note}`),
      ].join('\n'),
      ...(engine.device
        ? {}
        : { failure: engine.error ? sentence(engine.error) : 'The engine did not start.' }),
    }
  },
}

/** The engine's status once it is ready or has failed once: what may yet come right is of no help to who asks now. */
function settledEngine(session: Session): Promise<EngineStatus> {
  const isSettled = ({ state }: EngineStatus) =>
    state === 'ready' || state === 'backing-off' || state === 'needs-user'
  const { promise, resolve } = Promise.withResolvers<EngineStatus>()
  session.lab.subscribe((topic, payload) => {
    if (topic === 'engine' && isSettled(payload as EngineStatus)) resolve(payload as EngineStatus)
  })
  void session.call('engine.status', {}).then(status => {
    if (isSettled(status)) resolve(status)
  })
  return promise
}
