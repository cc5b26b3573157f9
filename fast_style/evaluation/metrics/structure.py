"""Structure of the photo in a stylized image."""

from scipy import ndimage

from fast_style.evaluation.metrics.luminance import gradient_magnitude
from fast_style.evaluation.metrics.luminance import halve
from fast_style.evaluation.metrics.luminance import to_luminance


def ssim(photo, stylized) -> float:
    """Computes how much of the photo's structure is kept, in luminance.

    Mean of (2 m_1 m_2 + c_1) (2 v_12 + c_2) / ((m_1^2 + m_2^2 + c_1)
    (v_1 + v_2 + c_2)) with means m, variances v and covariance v_12 under a
    Gaussian window of deviation 1.5 pixels; c_1 = 2.55^2, c_2 = 7.65^2. The
    outermost 5 pixels are left out where the image is large enough.

    Args:
        photo: RGB `(H, W, 3)` in [0, 255].
        stylized: RGB of the same shape.

    Returns:
        1 for the photo itself, around 0 for an unrelated image.

    References:
        Wang et al., 2004, https://doi.org/10.1109/TIP.2003.819861
    """

    def blur(image):
        return ndimage.gaussian_filter(image, 1.5, truncate=3.5)

    one, other = to_luminance(photo), to_luminance(stylized)
    mean_1, mean_2 = blur(one), blur(other)
    variance_1 = blur(one**2) - mean_1**2
    variance_2 = blur(other**2) - mean_2**2
    covariance = blur(one * other) - mean_1 * mean_2
    c_1, c_2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    similarity = (2 * mean_1 * mean_2 + c_1) * (2 * covariance + c_2)
    similarity /= (mean_1**2 + mean_2**2 + c_1) * (variance_1 + variance_2 + c_2)
    if min(similarity.shape) > 20:
        similarity = similarity[5:-5, 5:-5]
    return float(similarity.mean())


def gradient_similarity(photo, stylized) -> float:
    """Computes how much of the photo's outlines is kept.

    Mean of (2 g_1 g_2 + 170) / (g_1^2 + g_2^2 + 170) with the magnitudes g of
    Prewitt's gradient, of luminance averaged over 2x2 pixels.

    Args:
        photo: RGB `(H, W, 3)` in [0, 255].
        stylized: RGB of the same shape.

    Returns:
        1 for the photo itself; above 0.

    References:
        Xue et al., 2014, https://arxiv.org/abs/1308.3052, who take the
        deviation of the same map.
    """
    one, other = (gradient_magnitude(halve(to_luminance(p))) for p in (photo, stylized))
    return float(((2 * one * other + 170) / (one**2 + other**2 + 170)).mean())
