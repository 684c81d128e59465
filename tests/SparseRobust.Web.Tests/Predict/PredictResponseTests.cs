using Microsoft.AspNetCore.Http;
using SparseRobust.Lab.Serving;
using SparseRobust.Web.Predict;

namespace SparseRobust.Web.Tests.Predict;

public class PredictResponseTests
{
    [Fact]
    public void Headers_count_tokens_and_the_texts_that_lost_some()
    {
        var info = new PredictorInfo(["yes", "no"], 16, 1, 0.7, "float32", 16, 2, "sha");
        PredictedRow[] rows = [Row(16, wasTruncated: true), Row(9, wasTruncated: false), Row(16, wasTruncated: true)];
        var response = new PredictResponse(new ServedModel("model", "hash", 1, "task", "folder"), info, rows, new PredictTimes(TimeSpan.Zero, TimeSpan.Zero, 100));
        var headers = new HeaderDictionary();
        response.WriteHeaders(headers, "cpu");
        Assert.Equal("2", headers["x-truncated-inputs"]);
        Assert.Equal("41", headers["x-compute-tokens"]);
        Assert.Equal("0.7", headers["x-model-sparsity"]);
    }

    private static PredictedRow Row(int tokens, bool wasTruncated) => new([0.5, 0.5], [0, 0], TimeSpan.Zero, TimeSpan.Zero, 3, tokens, wasTruncated);
}
