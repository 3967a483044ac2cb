using System.ComponentModel.DataAnnotations;
using System.Reflection;
using AX2Caption.Grains.Work;
using AX2Caption.Silo.Hosting;

namespace AX2Caption.Grains.Tests.Hosting;

public sealed class SettingNamesTests
{
    /// <summary>All classes of this project and of the Silo that have a section.</summary>
    public static TheoryData<Type> Options =>
        [.. new[] { typeof(WorkOptions), typeof(ClusterSettings) }.SelectMany(type => type.Assembly.GetTypes()).Where(type => SectionOf(type) is not null)];

    [Fact]
    public void Sections_AreFound() => Assert.InRange(Options.Count, 20, 100);

    [Theory]
    [MemberData(nameof(Options))]
    public void EveryRule_NamesItsSettingByItsWholeKey(Type options) =>
        Assert.All(
            options.GetProperties().SelectMany(property => property.GetCustomAttributes<ValidationAttribute>(), (property, rule) => (property, rule)),
            found => Assert.StartsWith($"{SectionOf(options)}:{found.property.Name} ", found.rule.ErrorMessage, StringComparison.Ordinal));

    private static string? SectionOf(Type type) => type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string;
}
