using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;
using Microsoft.Playwright;

namespace AX2Caption.Api.Tests.Accounts;

/// <summary>The pages that mails lead to, in Debian's Chromium, under their policy.</summary>
public sealed class MailsPagesInABrowser(ServiceFixture fixture, Chromium browser) : IClassFixture<Chromium>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Confirm_an_address_and_set_a_password_with_a_click_each()
    {
        using var member = new MemberClient(fixture.Service.CreateClient(), new Mailbox(fixture.Service.MailFolder));
        await member.Register(Cancellation);

        var confirm = await Open($"/account/confirm?token={await member.NextSecret(Cancellation)}");
        await confirm.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(confirm.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Your account is ready");
        await IsClean(confirm);

        var forgot = await Open("/account/forgot");
        await forgot.GetByLabel("E-mail address").FillAsync(member.Email);
        await forgot.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(forgot.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Look at your mail");
        await IsClean(forgot);

        member.Password = "나는 오늘도 길을 걷는다";
        var reset = await Open($"/account/reset?token={await member.NextSecret(Cancellation)}", "ko-KR");
        await reset.GetByLabel("새 비밀번호", new PageGetByLabelOptions { Exact = true }).FillAsync(member.Password);
        await reset.GetByLabel("새 비밀번호 다시 입력").FillAsync(member.Password);
        await reset.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(reset.GetByRole(AriaRole.Heading)).ToHaveTextAsync("비밀번호를 새로 정했습니다");
        await IsClean(reset);
        await member.SignIn(Cancellation);
    }

    private Task<IPage> Open(string path, string locale = "en-US") => browser.Open(new Uri(fixture.Service.ApiUrl, path), locale);

    private async Task IsClean(IPage page)
    {
        Assert.Empty(await Chromium.Violations(page));
        Assert.Empty(browser.Troubles);
        // The stylesheet came, and was let in.
        Assert.Equal("rgb(28, 35, 48)", await page.EvaluateAsync<string>("() => getComputedStyle(document.body).color"));
    }
}
