// The hyper-parameters of an operator that the source of the model may repeat, under the names Keras has for them.

import type { Setting } from '../../ir/graph.ts';
import { FUSED_NAMES } from './ops/activation.ts';
import { OPTIONS, optionsOf } from './options.ts';
import type { FileModel, FileOperator } from './readModel.ts';

type Settings = Readonly<Record<string, Setting>>;

export function settingsOf(model: FileModel, operator: FileOperator): Settings {
  const kernel = model.tensors[operator.inputs[1] ?? -1]?.shape ?? [];
  switch (operator.builtin) {
    case 'CONV_2D': {
      const options = optionsOf(operator, OPTIONS.conv2D);
      return options ? { filters: kernel[0] ?? 0, ...windowOf(kernel.slice(1, 3), options) } : {};
    }
    case 'DEPTHWISE_CONV_2D': {
      const options = optionsOf(operator, OPTIONS.depthwiseConv2D);
      return options
        ? { depth_multiplier: options.depthMultiplier(), ...windowOf(kernel.slice(1, 3), options) }
        : {};
    }
    case 'TRANSPOSE_CONV': {
      const options = optionsOf(operator, OPTIONS.transposeConv);
      return options ? { filters: kernel[0] ?? 0, ...windowOf(kernel.slice(1, 3), options) } : {};
    }
    case 'AVERAGE_POOL_2D':
    case 'MAX_POOL_2D': {
      const options = optionsOf(operator, OPTIONS.pool2D);
      if (!options) return {};
      const { kernel_size: pool_size, ...rest } = windowOf(
        [options.filterHeight(), options.filterWidth()],
        options,
      );
      return { pool_size: pool_size!, ...rest };
    }
    case 'FULLY_CONNECTED': {
      const activation = optionsOf(operator, OPTIONS.fullyConnected)?.activation() ?? 0;
      return { units: kernel[0] ?? 0, activation: FUSED_NAMES[activation] ?? 'linear' };
    }
    case 'UNIDIRECTIONAL_SEQUENCE_LSTM':
    case 'UNIDIRECTIONAL_SEQUENCE_RNN':
      return { units: model.tensors[operator.inputs[2] ?? -1]?.shape[0] ?? 0 };
    default:
      return {};
  }
}

interface Windowed {
  padding(): number;
  strideH(): number;
  strideW(): number;
  activation(): number;
  dilationH?(): number;
  dilationW?(): number;
}

function windowOf(size: readonly number[], options: Windowed): Settings {
  const dilation = [options.dilationH?.() ?? 1, options.dilationW?.() ?? 1];
  return {
    kernel_size: size,
    strides: [options.strideH(), options.strideW()],
    padding: options.padding() === 0 ? 'same' : 'valid',
    ...(dilation.some((step) => step !== 1) ? { dilation_rate: dilation } : {}),
    activation: FUSED_NAMES[options.activation()] ?? 'linear',
  };
}
