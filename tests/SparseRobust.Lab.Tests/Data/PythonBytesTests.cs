using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

public sealed class PythonBytesTests
{
    // The left column is what str(x.encode()) gives in Python 3.11 for the right one.
    [Theory]
    [InlineData("b'a plain text'", "a plain text")]
    [InlineData("b\"it 's\"", "it 's")]
    [InlineData("b'both \\' and \"'", "both ' and \"")]
    [InlineData("b'caf\\xc3\\xa9 \\xe2\\x80\\x93 \\xf0\\x9f\\x8d\\x9e'", "café – \U0001F35E")]
    [InlineData("b'back\\\\slash, tab\\t, line\\n, return\\r, nul\\x00'", "back\\slash, tab\t, line\n, return\r, nul\0")]
    [InlineData("b''", "")]
    public void A_byte_literal_becomes_its_text(string literal, string text) => Assert.Equal(text, PythonBytes.Undo(literal));

    [Theory]
    [InlineData("")]
    [InlineData("b'")]
    [InlineData("b'open")]
    [InlineData("b'mixed\"")]
    [InlineData("b'tis and 'twas'")]
    [InlineData("b'cut \\xc3'")]
    [InlineData("b'not hex \\xzz'")]
    [InlineData("b'short \\x1'")]
    [InlineData("b'ends in a backslash\\'")]
    [InlineData("b'unknown \\q'")]
    [InlineData("b'café'")]
    [InlineData("The b'word'")]
    [InlineData("a plain text")]
    public void Any_other_text_stays_as_it_is(string text) => Assert.Equal(text, PythonBytes.Undo(text));
}
