using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public sealed class RecipeTextTests
{
    [Fact]
    public void The_kind_comes_first_then_plain_fields_then_objects() => Assert.Equal(
        """
        {
          "b": 1,
          "a": {
            "kind": "x",
            "A": 2,
            "list": [
              {
                "kind": "ü"
              }
            ]
          }
        }
        """.ReplaceLineEndings(),
        RecipeText.Of("""{"a":{"list":[{"kind":"ü"}],"A":2,"kind":"x"},"b":1}""").ReplaceLineEndings());
}
