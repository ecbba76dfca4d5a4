// The reward model in the making and the run that NOW, the report and the playground show.
import { rewardFields } from '../../../../../src-shared/config/reward-config.ts'
import { recipeStore } from '../../../components/training/recipe-store.ts'
import { defaultRunName } from './recipe.ts'

export const rewardStore = recipeStore('reward', rewardFields, defaultRunName)
export const { useRecipe: useReward, changeRecipe, showRunHere } = rewardStore
