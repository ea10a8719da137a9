"""A digit classifier that fits a small FPGA: 28 × 28 grey pixels in, ten probabilities out.

Open this file in VS Code with BitLens: above each layer stands what quantizing it costs and saves.
"""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Two convolution blocks and two dense layers: 14,482 parameters, 0.2 million multiplications per image."""
    image = keras.Input(shape=(28, 28, 1), name='image')
    x = layers.Rescaling(1 / 255, name='scale')(image)  # raw bytes in, 0 … 1 out

    # Block 1: edges and strokes.
    x = layers.Conv2D(8, 3, use_bias=False, name='conv1')(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.MaxPooling2D()(x)

    # Block 2: corners and loops.
    x = layers.Conv2D(16, 3, use_bias=False, name='conv2')(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.MaxPooling2D()(x)

    # Classifier: most of the weights, few of the multiplications.
    x = layers.Flatten()(x)
    x = layers.Dense(32, activation='relu')(x)
    digit = layers.Dense(10, activation='softmax', name='digit')(x)

    return keras.Model(image, digit, name='digits')
