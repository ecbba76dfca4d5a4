// The platform that the engine's tests run on: Node's own without a GPU. Tests that want Dawn on a software driver add it.

import { nodePlatform as withGpu } from '../../src-main/terminal/node-platform.ts'
import type { EnginePlatform } from '../../src-renderer/engine/device.ts'

export const nodePlatform: EnginePlatform = { ...withGpu, gpu: undefined }

/** This machine's GPU, where ANDROMEDA_TEST_GPU asks for it. */
export const realGpu = process.env.ANDROMEDA_TEST_GPU ? withGpu.gpu : undefined
