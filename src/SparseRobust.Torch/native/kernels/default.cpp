// The kernels for any processor.
#include "kernels.h"
#define SR_CAPABILITY "default"

namespace sr::baseline {
#include "table.h"
}
