using AX2Caption.Captions;
using AX2Caption.Grains.Transcription.OpenAi;

namespace AX2Caption.Grains.Tests.Transcription.OpenAi;

public sealed class PunctuationTests
{
    [Theory]
    [InlineData("hello world", "Hello, world!", "Hello, world!")]
    [InlineData("hello brave world", "Hello, world!", "Hello, brave world!")]
    [InlineData("hello world", "Well hello there, world.", "hello world.")]
    [InlineData("hello world", "", "hello world")]
    [InlineData("it's fine", "\"It's fine,\"", "\"It's fine,\"")]
    [InlineData("a b", "x1 x2 x3 x4 x5 b", "a b")]
    [InlineData("the the end", "The, the end.", "The, the end.")]
    [InlineData("안녕하세요 여러분", "안녕하세요, 여러분.", "안녕하세요, 여러분.")]
    public void Restore_WordsAndText_WritesAsTheTextDoes(string words, string text, string expected)
    {
        var bare = words.Split(' ').Select((word, i) => new Word(word, TimeSpan.FromSeconds(i), TimeSpan.FromSeconds(i + 1), 1)).ToList();

        var restored = Punctuation.Restore(bare, text);

        Assert.Equal(expected, string.Join(' ', restored.Select(word => word.Text)));
        Assert.Equal(bare.Select(word => word.Start), restored.Select(word => word.Start));
    }
}
