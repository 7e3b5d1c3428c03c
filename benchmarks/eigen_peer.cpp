// The peer Eigen + MPFR: the product of a chain by a plain loop, and its SVD, at a given precision.
//
//     eigen_peer FACTORS WIDTH DEPTH BITS DIGITS (jacobi|bdc) (values|vectors)
//
// FACTORS holds WIDTH × WIDTH float64 matrices, row after row, the first applied first. Prints lines of the
// form `key value`: seconds (the best of at most three runs), product_seconds, cpu_seconds, peak_kib,
// and one `log` for every singular value, descending. `eigen_peer --version` prints the versions.

#include <Eigen/SVD>
#include <unsupported/Eigen/MPRealSupport>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

using mpfr::mpreal;
using Matrix = Eigen::Matrix<mpreal, Eigen::Dynamic, Eigen::Dynamic>;
using Vector = Eigen::Matrix<mpreal, Eigen::Dynamic, 1>;
using Doubles = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

static double now() {
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

static double cpu() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

static Matrix product(const std::vector<Doubles>& factors) {
    Matrix result = factors.front().cast<mpreal>();
    for (std::size_t layer = 1; layer < factors.size(); ++layer) {
        const Matrix factor = factors[layer].cast<mpreal>();
        result = factor * result;
    }
    return result;
}

template <typename SVD>
static Vector singular_values(const Matrix& matrix, bool vectors) {
    SVD svd(matrix, vectors ? Eigen::ComputeThinU | Eigen::ComputeThinV : 0);
    return svd.singularValues();
}

// The peak of this program alone: getrusage would inherit the peak of whatever started it.
static long peak_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        long kib;
        if (word == "VmHWM:" && status >> kib) return kib;
    }
    return 0;
}

int main(int count, char** argument) {
    if (count == 2 && std::string(argument[1]) == "--version") {
        std::cout << "Eigen " << EIGEN_WORLD_VERSION << '.' << EIGEN_MAJOR_VERSION << '.'
                  << EIGEN_MINOR_VERSION << ", MPFR " << mpfr_get_version() << '\n';
        return 0;
    }
    if (count != 8) {
        std::cerr << "expected FACTORS WIDTH DEPTH BITS DIGITS (jacobi|bdc) (values|vectors)\n";
        return 2;
    }
    const long width = std::stol(argument[2]), depth = std::stol(argument[3]);
    const int digits = std::stoi(argument[5]);
    const bool jacobi = std::string(argument[6]) == "jacobi", vectors = std::string(argument[7]) == "vectors";
    mpreal::set_default_prec(std::stol(argument[4]));

    std::ifstream file(argument[1], std::ios::binary);
    std::vector<Doubles> factors(depth, Doubles(width, width));
    for (auto& factor : factors)
        if (!file.read(reinterpret_cast<char*>(factor.data()), width * width * sizeof(double))) {
            std::cerr << "the file of factors is too short\n";
            return 2;
        }

    Vector values;
    double best = std::numeric_limits<double>::infinity(), best_product = 0, best_cpu = 0, total = 0;
    for (int run = 0; run < 3 && total < 1; ++run) {
        const double start = now(), cpu_start = cpu();
        const Matrix matrix = product(factors);
        const double multiplied = now();
        values = jacobi ? singular_values<Eigen::JacobiSVD<Matrix>>(matrix, vectors)
                        : singular_values<Eigen::BDCSVD<Matrix>>(matrix, vectors);
        const double seconds = now() - start;
        total += seconds;
        if (seconds < best) {
            best = seconds;
            best_product = multiplied - start;
            best_cpu = cpu() - cpu_start;
        }
    }
    std::cout << "seconds " << best << "\nproduct_seconds " << best_product << "\ncpu_seconds " << best_cpu
              << "\npeak_kib " << peak_kib() << '\n';
    for (long k = 0; k < width; ++k) std::cout << "log " << log(values[k]).toString(digits + 30) << '\n';
}
