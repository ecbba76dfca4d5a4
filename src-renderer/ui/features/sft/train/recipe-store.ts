// The fine-tuning in the making and the run that NOW and WHAT IT SAYS show.
import { sftFields } from '../../../../../src-shared/config/sft-config.ts'
import { recipeStore } from '../../../components/training/recipe-store.ts'
import { defaultRunName } from './recipe.ts'

export const fineTuneStore = recipeStore('sft', sftFields, defaultRunName)
export const { useRecipe: useFineTune, changeRecipe, showRunHere } = fineTuneStore
