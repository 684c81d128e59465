using SparseRobust.Web.Datasets;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Datasets;

public sealed class DatasetDeliveryTests
{
    [Theory]
    [InlineData("mnli", "train", null, false, "multinli_1.0_train.jsonl")]
    [InlineData("mnli", "train", null, true, "multinli_1.0_train.jsonl.gz")]
    [InlineData("mnli", "train", "multinli_1.0_train.txt.gz", false, "multinli_1.0_train.txt")]
    [InlineData("mnli", "train", "my download.zip", true, "multinli_1.0_train.jsonl.gz")]
    [InlineData("mnli", "train", "../../etc/multinli_1.0_train.txt", false, "multinli_1.0_train.txt")]
    [InlineData("hans", "evaluation", "heuristics_evaluation_set.regen.txt.gz", true, "hans/heuristics_evaluation_set.regen.txt.gz")]
    public void A_file_keeps_a_name_that_its_split_is_looked_for_by(string name, string split, string? given, bool isGzip, string place) =>
        Assert.Equal(place, new DatasetDelivery(DatasetDelivery.Find(name, split)) { FileName = given }.PlaceOf(isGzip));

    [Fact]
    public void A_checksum_is_read_as_people_paste_it()
    {
        var sha256 = new string('b', 64);
        Assert.Equal(sha256, DatasetDelivery.Checksum($" {sha256.ToUpperInvariant()}\n"));
        Assert.Null(DatasetDelivery.Checksum(" "));
        foreach (var wrong in new[] { sha256[1..], sha256 + "b", sha256[1..] + "g" })
            Assert.Equal("RequestInvalid", Assert.Throws<Problem>(() => DatasetDelivery.Checksum(wrong)).Code);
    }
}
