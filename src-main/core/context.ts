// What every part of the core is given. Made once by lab.ts.

import type { LabTopics } from '../../src-shared/contract/lab-contract.ts'
import type { Publish } from '../../src-shared/contract/method.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Workspace } from './workspace/workspace.ts'

export interface CoreContext {
  readonly workspace: Workspace
  readonly jobs: Jobs
  /** Tells every open window. */
  readonly publish: Publish<LabTopics>
}
