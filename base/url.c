/* SPDX-License-Identifier: Apache-2.0 */
#include "base/url.h"
